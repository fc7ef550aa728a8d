import type { PatchDelivery } from "../../../ir/project.ts";
import { admissionDelivery } from "./admission.ts";
import { componentDelivery } from "./component.ts";
import type { DeliveryMethod } from "./delivery.ts";
import { helmReleaseDelivery } from "./helm-release.ts";
import { renderedDelivery } from "./rendered.ts";
import { serverSideApplyDelivery } from "./server-side-apply.ts";

export const deliveries: readonly DeliveryMethod[] = [
  componentDelivery,
  renderedDelivery,
  serverSideApplyDelivery,
  admissionDelivery,
  helmReleaseDelivery,
];

export function findDelivery(name: PatchDelivery): DeliveryMethod {
  const found = deliveries.find((one) => one.name === name);
  if (!found) throw new Error(`no delivery is called ${name}`);
  return found;
}
