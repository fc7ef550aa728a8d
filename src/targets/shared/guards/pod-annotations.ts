const textAt = (annotations: string, key: string) => `'${key}' in ${annotations} ? ${annotations}['${key}'] : ''`;

const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const DEFAULT = "v1.multus-cni.io/default-network";

/**
 * What Multus reads on a pod, now and before. A pod that exists is judged only where the annotation changes: its spec
 * cannot, and whoever moves a label or a finalizer must not meet a rule that is younger than the pod.
 */
export const podAnnotationVariables = [
  { name: "now", expression: "has(object.metadata.annotations) ? object.metadata.annotations : {}" },
  {
    name: "before",
    expression: "oldObject != null && has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {}",
  },
  { name: "networks", expression: textAt("variables.now", NETWORKS) },
  {
    name: "unchanged",
    expression: `oldObject != null && variables.networks == (${textAt("variables.before", NETWORKS)})`,
  },
  { name: "first", expression: textAt("variables.now", DEFAULT) },
  {
    name: "firstUnchanged",
    expression: `oldObject != null && variables.first == (${textAt("variables.before", DEFAULT)})`,
  },
];
