import { parseAllDocuments } from "yaml";
import { emitYaml, emitYamlDocuments } from "../../src/yaml/emit-yaml.ts";
import { readBlockYaml } from "../../src/yaml/read-block-yaml.ts";

/** Prints MB/s of the YAML paths on documents like the ones the compiler reads and writes: `tsx test/source/bench-yaml.ts`. */
const PASSES = 15;
const COUNT = 4000;

const config = (index: number) =>
  JSON.stringify({
    cniVersion: "1.0.0",
    plugins: [{ type: "macvlan", master: `bond1.${index}`, mode: "private", mtu: 9000 }],
  });

const manifest = (index: number) => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: {
    name: `zone-${index}`,
    namespace: "payments",
    labels: { "app.kubernetes.io/part-of": "pci", index: String(index) },
  },
  spec: { config: config(index) },
  status: {
    ports: [
      { port: 8443, protocol: "TCP" },
      { port: index, protocol: "UDP" },
    ],
    enabled: true,
    cidrs: ["10.0.0.0/24"],
  },
});

const intent = (index: number) => `apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: zone-${index}, labels: {team: payments}}
spec:
  description: The card data of shop ${index}, and who may read it
  namespaces: [payments-${index}, ledger-${index}]
  members:
    - {workload: {namespace: payments-${index}, kind: Deployment, name: card}, interface: net1}
    - workload:
        namespace: ledger-${index}
        kind: StatefulSet
        name: db
      addresses:
        - 10.10.0.20
  network:
    separation: vlan
    uplink: data        # bond1
    vlan: ${(index % 4000) + 1}
    subnets: ["10.10.0.0/24"]
  podNetwork:
    dns: true
    allow:
      - {direction: ingress, from: {namespace: ingress-nginx}, ports: [tcp/8080]}
`;

function measure(name: string, bytes: number, work: () => unknown): void {
  const times: number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const start = process.hrtime.bigint();
    work();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const median = times.sort((a, b) => a - b)[PASSES >> 1] as number;
  console.log(
    `${name.padEnd(44)} ${median.toFixed(1).padStart(8)} ms ${(bytes / 1000 / median).toFixed(1).padStart(8)} MB/s`,
  );
}

const manifests = Array.from({ length: COUNT }, (_, index) => manifest(index));
const bytes = Buffer.byteLength(emitYamlDocuments(manifests));
measure("emitYaml per document, to bytes", bytes, () => manifests.map((value) => Buffer.from(emitYaml(value))));
measure("emitYamlDocuments, to bytes", bytes, () => Buffer.from(emitYamlDocuments(manifests)));
measure("JSON.stringify indent 2, to bytes (same count)", bytes, () =>
  manifests.map((value) => Buffer.from(JSON.stringify(value, null, 2))),
);

const intents = Array.from({ length: COUNT }, (_, index) => intent(index));
const intentBytes = Buffer.byteLength(intents.join(""));
const emitted = manifests.map((value) => emitYaml(value));
const block = intents.map((text) => emitYaml(readBlockYaml(text)?.[0]));
const oneFile = intents.join("---\n");
measure("readBlockYaml, an intent a file", intentBytes, () => intents.map((text) => readBlockYaml(text)));
measure("readBlockYaml, the same in pure block style", Buffer.byteLength(block.join("")), () =>
  block.map((text) => readBlockYaml(text)),
);
measure("readBlockYaml, one file", intentBytes, () => readBlockYaml(oneFile));
measure("readBlockYaml, emitted manifests", bytes, () => emitted.map((text) => readBlockYaml(text)));
const json = intents.map((text) => JSON.stringify(readBlockYaml(text)));
measure("JSON.parse of the same intents", Buffer.byteLength(json.join("")), () => json.map((text) => JSON.parse(text)));
const few = intents.slice(0, COUNT / 10);
measure("yaml, a tenth of the intents", intentBytes / 10, () => few.map((text) => parseAllDocuments(text)));
