import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Zones on one uplink at most: VLAN ids end at 4094. */
const PER_UPLINK = 4000;

/** A project of so many zones, each in a file of its own with a workload in another: about three objects and a patch each. */
export function generate(root: string, count: number): void {
  mkdirSync(join(root, "intents"), { recursive: true });
  mkdirSync(join(root, "workloads"), { recursive: true });
  const uplinks = Math.ceil(count / PER_UPLINK);
  const head = (kind: string, name: string) =>
    `apiVersion: plumbline.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;
  writeFileSync(
    join(root, "plumbline.yaml"),
    `${head("Project", "bench")}  clusters:\n    - name: main\n      platform:\n        multiNetworkPolicy: {plugins: [macvlan]}\n`,
  );
  const links = Array.from(
    { length: uplinks },
    (_none, index) => `    - {name: u${index}, interface: bond${index}, vlans: ["2-4094"]}\n`,
  );
  writeFileSync(
    join(root, "intents/fabric.yaml"),
    `${head("Fabric", "dc1")}  clusters: [main]\n  uplinks:\n${links.join("")}  pools:\n    - {name: zones, cidr: 11.0.0.0/8, prefixLength: 26}\n`,
  );
  for (let index = 0; index < count; index++) {
    const name = `zone-${index}`;
    writeFileSync(
      join(root, `intents/${name}.yaml`),
      `${head("IsolationZone", name)}  namespaces: [ns-${index}]\n  network:\n    separation: vlan\n    uplink: u${Math.floor(index / PER_UPLINK)}\n  podNetwork:\n    sameZone: false\n`,
    );
    writeFileSync(
      join(root, `workloads/${name}.yaml`),
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\n  namespace: ns-${index}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: app\n  template:\n    metadata:\n      labels:\n        app: app\n    spec:\n      containers:\n        - name: main\n          image: registry.example.com/app:1.0\n`,
    );
  }
}
