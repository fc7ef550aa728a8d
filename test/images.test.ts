import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const dockerfile = (name: string) => readFileSync(join(root, "images", name, "Dockerfile"), "utf8");
const packagesOf = (name: string) => [...dockerfile(name).matchAll(/^\s+'([\w.+-]+)=([^']+)'/gm)];

/** Which package brings which program; those of the base (coreutils, grep, the shell) are `base`. */
const PROGRAMS: Readonly<Record<string, string>> = {
  nft: "nftables",
  keepalived: "keepalived",
  ip: "iproute2",
  wg: "wireguard-tools",
  "wireguard-go": "wireguard-go",
  charon: "strongswan-charon",
  swanctl: "strongswan-swanctl",
};
const BASE = new Set(
  "sh set rm cp cat tr od cut date mkdir printf sleep wait kill exit trap export umask true grep sha256sum until while do done case esac load stop up down guard alive ready daemon credentials in if then fi break".split(
    " ",
  ),
);

/** Programs that a template of a script calls, without those that the script defines itself. */
function programsIn(text: string): readonly string[] {
  const plain = text
    .replace(/\{\{[#/][^}]*\}\}/g, "")
    .replace(/^\s*#.*$/gm, "")
    .replace(/'[^']*'/g, "''");
  const starts = plain.matchAll(
    /(?:^|[;&|{(`]|\$\(|\|\||&&|! |\bdo |\bthen )\s*([a-z][a-z0-9-]+)(?=\s|$|;)(?!\s*\(\))/gm,
  );
  return [...new Set([...starts].map((match) => match[1] as string))];
}

test("the base is given by whoever builds, and by nothing else", () => {
  for (const name of ["firewall", "vpn"]) {
    expect(dockerfile(name).match(/^(ARG|FROM) .*$/gm)).toEqual(["ARG BASE", "FROM $BASE"]);
    expect(dockerfile(name)).not.toMatch(/\b(ADD|COPY|curl|wget|latest)\b/);
  }
});

test("every package is pinned, sorted, and the same in both images", () => {
  const versions = new Map<string, string>();
  for (const name of ["firewall", "vpn"]) {
    const packages = packagesOf(name);
    expect(packages.length).toBe(dockerfile(name).match(/^\s+'/gm)?.length);
    expect(packages.map((one) => one[1])).toEqual(packages.map((one) => one[1]).sort());
    for (const [, pkg = "", version = ""] of packages) {
      expect(version, pkg).toMatch(/^(\d+:)?\d[\w.]*-\d+\*$/);
      expect(versions.get(pkg) ?? version).toBe(version);
      versions.set(pkg, version);
    }
  }
});

test("the images hold every program that the scripts call, and no tool that none calls", () => {
  const folder = join(root, "templates/gateway");
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".sh.hbs"));
  const called = { firewall: new Set<string>(), vpn: new Set<string>() };
  for (const script of scripts)
    for (const program of programsIn(readFileSync(join(folder, script), "utf8"))) {
      if (BASE.has(program)) continue;
      expect(Object.keys(PROGRAMS), `${script} calls ${program}`).toContain(program);
      called[script.startsWith("firewall") ? "firewall" : "vpn"].add(PROGRAMS[program] as string);
    }
  for (const name of ["firewall", "vpn"] as const) {
    const tools = packagesOf(name)
      .map((one) => one[1] as string)
      .filter((pkg) => !pkg.startsWith("lib"));
    expect(tools, name).toEqual([...called[name]].sort());
  }
});

test("the plugins that the IPsec script loads are those of packages that the image holds", () => {
  const script = readFileSync(join(root, "templates/gateway/ipsec.sh.hbs"), "utf8");
  const loaded = /"(random nonce [^"]*)"/.exec(script)?.[1]?.split(" ") ?? [];
  expect(loaded).toContain("vici");
  expect(script).toContain("kernel-libipsec");
  expect(packagesOf("vpn").map((one) => one[1])).toEqual(
    expect.arrayContaining(["libcharon-extra-plugins", "libstrongswan-standard-plugins"]),
  );
});

test("gateways are given no capability that the images' page does not explain", () => {
  const page = readFileSync(join(root, "images/README.md"), "utf8");
  const output = join(root, "test/cases/output");
  const files = readdirSync(output, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(vpns|pairs)\/.*\.yaml$/.test(path),
  );
  const given = files.flatMap((path) => {
    const text = readFileSync(join(output, path), "utf8");
    return text.split(/^---$/m).flatMap((one) => {
      const object = parse(one) as { kind?: string; spec?: { template?: { spec?: { containers?: unknown[] } } } };
      if (object?.kind !== "Deployment") return [];
      const containers = object.spec?.template?.spec?.containers as {
        securityContext: { capabilities: { add: string[] } };
      }[];
      return containers.flatMap((container) => container.securityContext.capabilities.add);
    });
  });
  expect([...new Set(given)].sort()).toEqual(["NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETGID"]);
  for (const capability of new Set(given)) expect(page).toContain(capability);
});
