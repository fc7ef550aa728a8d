import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyOf, filesIn, plumbline } from "./cases.ts";

/** A project whose output is written. */
async function compiled(name = "multus-to-ovn-kubernetes", change = (project: string) => project): Promise<string> {
  const root = copyOf(name);
  const path = join(root, "plumbline.yaml");
  writeFileSync(path, change(readFileSync(path, "utf8")));
  expect((await plumbline(root, "compile")).exit).toBe(0);
  return root;
}

const wanted = ["migrate", "--to", "ovn-kubernetes", "--allow-loss", "firewall"];

test("what the target cannot do is refused as in a compile", async () => {
  const root = await compiled();
  const before = filesIn(root);
  const { exit, err } = await plumbline(root, "migrate", "--to", "ovn-kubernetes");
  expect(exit).toBe(1);
  expect(err).toContain(
    "error[target/unsupported]: target `ovn-kubernetes` has firewall pairs only in part, and not what is needed here\n",
  );
  expect(err).toContain("Nothing was written.");
  expect(filesIn(root)).toEqual(before);
});

test("a target that is experimental needs consent, which a comparison does not", async () => {
  const root = await compiled("ovn-kubernetes-to-multus");
  expect((await plumbline(root, "diff", "--targets", "ovn-kubernetes,network-kind")).exit).toBe(0);
  const { exit, err } = await plumbline(root, "migrate", "--to", "network-kind");
  expect(exit).toBe(1);
  expect(err).toContain("error[target/experimental]");
});

test("a second run changes nothing, and a run for another folder leaves the first alone", async () => {
  const root = await compiled();
  const first = await plumbline(root, ...wanted);
  expect(first.exit).toBe(0);
  expect(first.out).toContain("migration/main/README.md\n");
  const before = filesIn(root);
  const second = await plumbline(root, ...wanted);
  expect([second.exit, second.out]).toEqual([0, ""]);
  expect(filesIn(root)).toEqual(before);
  expect((await plumbline(root, ...wanted, "--out", "./way/there/")).exit).toBe(0);
  const there = filesIn(join(root, "way/there/main"));
  expect([...there.keys()]).toEqual([...filesIn(join(root, "migration/main")).keys()]);
  expect(there.get("README.md")).toContain("kubectl apply -k way/there/main/");
});

test("files of somebody else stay, and nothing is written beside them", async () => {
  const root = await compiled();
  mkdirSync(join(root, "migration/main"), { recursive: true });
  writeFileSync(join(root, "migration/main/README.md"), "mine\n");
  const before = filesIn(root);
  const { exit, err } = await plumbline(root, ...wanted);
  expect(exit).toBe(1);
  expect(err).toContain("error[write/not-ours]");
  expect(filesIn(root)).toEqual(before);
});

test("the way begins at what is written, so that is what the intents must say", async () => {
  const root = await compiled();
  const path = join(root, "intents/all.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("[tcp/8443]", "[tcp/9443]"));
  const { exit, err } = await plumbline(root, ...wanted);
  expect(exit).toBe(1);
  expect(err).toContain("error[write/stale]: `out/main/zones/corp.yaml` is out of date\n");
  expect([...filesIn(root).keys()].some((one) => one.startsWith("migration/"))).toBe(false);
});

test("folders that are no place for it", async () => {
  const root = await compiled();
  for (const [folder, why] of [
    ["out", "a migration is not written into out; name another folder with --out"],
    ["out/way", "a migration is not written into out; name another folder with --out"],
    [".", ". is not below the project's folder"],
    ["../elsewhere", "../elsewhere is not below the project's folder"],
    ["/tmp/elsewhere", "/tmp/elsewhere is not below the project's folder"],
  ] as const) {
    const { exit, err } = await plumbline(root, ...wanted, "--out", folder);
    expect([exit, err], folder).toEqual([2, `plumbline: ${why}\n`]);
  }
});

test("names that are not there", async () => {
  const root = await compiled();
  const target = await plumbline(root, "migrate", "--to", "ovn-kubernets");
  expect(target.exit).toBe(2);
  expect(target.err).toContain("no target is called ovn-kubernets; did you mean");
  const cluster = await plumbline(root, ...wanted, "--cluster", "mian");
  expect(cluster.exit).toBe(2);
  expect(cluster.err).toContain("no cluster is called mian");
  expect((await plumbline(root, "migrate")).exit).toBe(2);
});

test("where nothing changes, nothing is written", async () => {
  const root = await compiled();
  const before = filesIn(root);
  const { exit, out, err } = await plumbline(root, "migrate", "--to", "multus");
  expect([exit, out, err]).toEqual([0, "", "plumbline: nothing changes in main: it is on multus\n"]);
  expect(filesIn(root)).toEqual(before);
  expect(existsSync(join(root, "migration"))).toBe(false);
});

test("what the platform lacks is to be mended before the start, and is no loss", async () => {
  const root = await compiled("multus-to-ovn-kubernetes", (text) => text.replace(/^ +networkWriters:.*\n/m, ""));
  const { exit, err } = await plumbline(root, ...wanted);
  expect(exit).toBe(0);
  expect(err).toContain("warning[ovn/no-writer]");
  const text = readFileSync(join(root, "migration/main/README.md"), "utf8");
  const [, lost, before] = text.split(/^## .*\n/m);
  expect(lost).toContain("has firewall pairs only in part");
  expect(lost).not.toContain("OVN-Kubernetes itself");
  expect(before).toContain(
    "\n- OVN-Kubernetes itself must write networks of cluster `main`, but no user is allowed to: name its ServiceAccount in `platform.networkWriters`: system:serviceaccount:<namespace>:<name>. Then migrate again.\n",
  );
});

test("patches that are no components are refused", async () => {
  const root = await compiled("multus-to-ovn-kubernetes", (text) =>
    text.replace("spec:\n", "spec:\n  delivery: {patches: rendered}\n"),
  );
  const { exit, err } = await plumbline(root, ...wanted);
  expect(exit).toBe(1);
  expect(err).toContain("error[migrate/delivery]");
  expect(err).toContain("plumbline.yaml:");
});

test("one zone moves, and its firewall gets a leg of each target; where it cannot, nothing is written", async () => {
  const root = await compiled("one-zone-to-ovn-kubernetes");
  const before = filesIn(root);
  const stranger = await plumbline(root, "migrate", "--to", "ovn-kubernetes", "--intent", "isolationzone/pcl");
  expect([stranger.exit, stranger.out]).toEqual([2, ""]);
  expect(stranger.err).toContain("no intent isolationzone/pcl has a target; did you mean `isolationzone/pci`?");
  for (const [typed, meant] of [
    ["pci", "isolationzone/pci"],
    ["zone/corp", "isolationzone/corp"],
    ["firewallpair/crop", "isolationzone/corp"],
  ] as const) {
    const { err } = await plumbline(root, "migrate", "--to", "ovn-kubernetes", "--intent", typed);
    expect(err).toContain(`no intent ${typed} has a target; did you mean \`${meant}\`?`);
  }
  const corp = await plumbline(root, "migrate", "--to", "ovn-kubernetes", "--intent", "isolationzone/corp");
  expect(corp.exit).toBe(1);
  expect(corp.err).toContain("Deployment web/shop needs a route to 10.10.0.0/24 by firewallpair/edge");
  expect(filesIn(root)).toEqual(before);
  expect((await plumbline(root, "migrate", "--to", "multus", "--intent", "isolationzone/pci")).err).toContain(
    "nothing changes in main: none of these intents moves there\n",
  );
  const { exit } = await plumbline(root, "migrate", "--to", "ovn-kubernetes", "--intent", "isolationzone/pci");
  expect(exit).toBe(0);
  const written = filesIn(join(root, "migration/main"));
  const started = written.get("05-start-pci/kustomization.yaml") ?? "";
  // The firewall still runs on the old leg, and the zone on its new network.
  expect(started).toContain("../objects/until-05-start-pci");
  expect(written.get("objects/until-05-start-pci/pairs/edge.yaml")).toContain('"name":"zone-pci--edge--leg"');
  expect(written.get("objects/from-04-create-pci/zones/pci.yaml")).toContain("kind: ClusterUserDefinedNetwork");
  expect(written.get("README.md")).toContain("Write `target: ovn-kubernetes` into the `spec` of isolationzone/pci");
});
