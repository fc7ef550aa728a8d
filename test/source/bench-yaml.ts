import { emitYaml, emitYamlDocuments } from "../../src/source/yaml/emit-yaml.ts";

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
