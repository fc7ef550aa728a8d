import { isFields, readList, readText } from "../manifests/manifest.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { formatTemplateName } from "../networks/resource-claim-template.ts";
import type { ResolvedAttachment } from "./attached-to.ts";
import type { Pod } from "./pod.ts";

/** What a pod's claims attach it to. A claim of a template that is no network (a GPU, say) attaches it to nothing. */
export function readClaimedNetworks(
  pod: Pod,
  networks: ReadonlyMap<string, AttachableNetwork>,
): readonly ResolvedAttachment[] | string {
  return readList(pod.spec, "resourceClaims").flatMap((claim, index) => {
    const template = isFields(claim) ? readText(claim, "resourceClaimTemplateName") : undefined;
    if (template === undefined) return [];
    const name = formatTemplateName(template);
    const network = networks.get(`${pod.namespace}/${name}`);
    if (!network) return [];
    const attachment = {
      namespace: pod.namespace,
      name,
      interface: network.interface ?? readText(claim, "name") ?? `claim${index}`,
      addresses: [],
      defaultRoute: [],
    };
    return [{ attachment, network }];
  });
}
