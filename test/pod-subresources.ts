/** What Kubernetes 1.36 serves below `pods`, and where it makes a Binding: from the API server's discovery. */
export const KUBERNETES = "1.36";

export interface Door {
  readonly resource: string;
  /** The guard's policy that looks at it, or why none needs to. */
  readonly guard?: string;
  readonly reason?: string;
}

export const DOORS: readonly Door[] = [
  { resource: "pods", guard: "plumbline-zone-members" },
  { resource: "bindings", guard: "plumbline-bindings" },
  { resource: "pods/binding", guard: "plumbline-bindings" },
  { resource: "pods/ephemeralcontainers", guard: "plumbline-zone-members" },
  { resource: "pods/status", guard: "plumbline-pod-status" },
  { resource: "pods/attach", reason: "a stream to a container that runs: it changes no pod" },
  {
    resource: "pods/exec",
    reason: "a command in a container that runs, with the rights that it has: it changes no pod",
  },
  { resource: "pods/eviction", reason: "it deletes a pod" },
  { resource: "pods/log", reason: "it reads" },
  { resource: "pods/portforward", reason: "a stream to a pod by the API server and the node: it changes no pod" },
  { resource: "pods/proxy", reason: "a request to a pod by the API server: it changes no pod" },
  {
    resource: "pods/resize",
    reason: "it keeps the stored pod but for the resources of its containers (podResizeStrategy)",
  },
];
