/** What `plumbline init` writes: one zone, one workload, ready to compile. */
export const starter: Readonly<Record<string, string>> = {
  "plumbline.yaml": `# The project: which clusters there are, and what is installed in them.
apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata:
  name: my-platform
spec:
  clusters:
    - name: main
      platform:
        # Name the CNI plugins that your MultiNetworkPolicy controller enforces; without it, zones are separate by VLAN only.
        multiNetworkPolicy: {plugins: [macvlan]}
        # The API for policies of admins that your CNI enforces: ClusterNetworkPolicy or AdminNetworkPolicy. With none, whoever
        # may write NetworkPolicies in a zone can open its default network again, and compile warns of it.
        adminPolicy: ClusterNetworkPolicy
`,
  "intents/fabric.yaml": `# What is physically there: the links on the nodes, and the VLANs and addresses that may be given out.
apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata:
  name: dc1
spec:
  clusters: [main]
  uplinks:
    - name: data
      interface: bond1
      vlans: ["100-199"]
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
`,
  "intents/zones/payments.yaml": `# Who may talk among themselves. Nothing crosses the border of a zone unless an intent says so.
# VLAN and subnet are left out: they are given out once and kept in plumbline.lock.yaml.
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata:
  name: payments
spec:
  namespaces: [payments]
  network:
    separation: vlan
    uplink: data
`,
  "workloads/card.yaml": `# Manifests that the pods come from. They are read, never written.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: card
  namespace: payments
spec:
  replicas: 2
  selector:
    matchLabels: {app: card}
  template:
    metadata:
      labels: {app: card}
    spec:
      containers:
        - name: card
          image: registry.example.com/card:1.0.0
`,
  ".gitattributes": `# The output is generated; after a merge conflict run: plumbline compile --merge
out/** linguist-generated=true

`,
};
