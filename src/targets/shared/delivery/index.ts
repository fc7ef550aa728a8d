import type { PatchDelivery } from "../../../ir/project.ts";
import { admission } from "./admission.ts";
import { component } from "./component.ts";
import type { Delivery } from "./delivery.ts";
import { helmRelease } from "./helm-release.ts";
import { rendered } from "./rendered.ts";
import { serverSideApply } from "./server-side-apply.ts";

export const deliveries: readonly Delivery[] = [component, rendered, serverSideApply, admission, helmRelease];

export function deliveryNamed(name: PatchDelivery): Delivery {
  const found = deliveries.find((one) => one.name === name);
  if (!found) throw new Error(`no delivery is called ${name}`);
  return found;
}
