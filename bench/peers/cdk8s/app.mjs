// The same objects by cdk8s: they are given to it finished, so it neither reads intents nor allocates nor verifies.
import { readFileSync } from "node:fs";
import { ApiObject, App, Chart, YamlOutputType } from "cdk8s";

const [input, outdir] = process.argv.slice(2);
const app = new App({ outdir, yamlOutputType: YamlOutputType.FILE_PER_APP });
const chart = new Chart(app, "bench");
for (const [index, object] of JSON.parse(readFileSync(input, "utf8")).entries())
  new ApiObject(chart, `o${index}`, object);
app.synth();
