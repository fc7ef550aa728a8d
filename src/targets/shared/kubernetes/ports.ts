import type { Service } from "../../../net/service.ts";

/** Ports as NetworkPolicy says them; `endPort` is in the API since Kubernetes 1.25. Absent = every port. */
export function formatPolicyPorts(services: readonly Service[]): Readonly<Record<string, unknown>> {
  if (services.length === 0) return {};
  return {
    ports: services.map(({ protocol, first, last }) => ({
      protocol: protocol.toUpperCase(),
      port: first,
      ...(last !== first && { endPort: last }),
    })),
  };
}
