import { isFields, listAt, textAt } from "../manifests/manifest.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { claimTemplateName } from "../networks/resource-claim-template.ts";
import type { Attached } from "./attached-to.ts";
import type { Pod } from "./pod.ts";

/** What a pod's claims attach it to. A claim of a template that is no network (a GPU, say) attaches it to nothing. */
export function claimed(pod: Pod, networks: ReadonlyMap<string, AttachableNetwork>): readonly Attached[] | string {
  return listAt(pod.spec, "resourceClaims").flatMap((claim, index) => {
    const template = isFields(claim) ? textAt(claim, "resourceClaimTemplateName") : undefined;
    if (template === undefined) return [];
    const name = claimTemplateName(template);
    const network = networks.get(`${pod.namespace}/${name}`);
    if (!network) return [];
    const attachment = {
      namespace: pod.namespace,
      name,
      interface: network.interface ?? textAt(claim, "name") ?? `claim${index}`,
      addresses: [],
      defaultRoute: [],
    };
    return [{ attachment, network }];
  });
}
