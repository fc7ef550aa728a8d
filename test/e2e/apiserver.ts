import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, run, start, until } from "./shell.ts";

/** A real etcd and kube-apiserver on the loopback of this network namespace. */
export interface ApiServer {
  readonly kubeconfig: string;
  readonly url: string;
  readonly token: string;
  readonly certificate: string;
  /** Milliseconds from the start of both to the first good answer of /readyz. */
  readonly readyAfter: number;
  stop(): void;
}

/** The ports are fixed: the suite runs in a network namespace of its own, so nobody else holds them. */
const ports = { api: 6443, etcd: 2379, peer: 2380 };

/** Starts both and waits for /readyz; throws with the end of the log where they do not come up. */
export async function startApiServer(bin: string, data: string): Promise<ApiServer> {
  const began = performance.now();
  mkdirSync(join(data, "certs"), { recursive: true, mode: 0o700 });
  const token = randomBytes(16).toString("hex");
  await run("openssl", ["genrsa", "-out", join(data, "certs/sa.key"), "2048"]);
  writeFileSync(join(data, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const children = [startEtcd(bin, data), startServer(bin, data)];
  const url = `https://127.0.0.1:${ports.api}`;
  const certificate = join(data, "certs/apiserver.crt");
  const kubeconfig = join(data, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText(url, certificate, token), { mode: 0o600 });
  const ready = async () =>
    (await attempt(join(bin, "kubectl"), ["--kubeconfig", kubeconfig, "get", "--raw=/readyz"])).code === 0;
  if (!(await until(ready, 90_000, 200))) {
    const log = readFileSync(join(data, "apiserver.log"), "utf8").split("\n").slice(-20).join("\n");
    throw new Error(`kube-apiserver did not become ready:\n${log}`);
  }
  return {
    kubeconfig,
    url,
    token,
    certificate,
    readyAfter: Math.round(performance.now() - began),
    stop: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}

function startEtcd(bin: string, data: string): ChildProcess {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  const options = {
    "data-dir": join(data, "etcd"),
    name: "plb",
    "log-level": "warn",
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `plb=${peer}`,
  };
  return start(join(bin, "etcd"), ["--unsafe-no-fsync", ...flags(options)], join(data, "etcd.log"));
}

/** No ServiceAccount admission, so that pods need no service account; no scheduler, no controllers: nothing runs. */
function startServer(bin: string, data: string): ChildProcess {
  const key = join(data, "certs/sa.key");
  const options = {
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": `${ports.api}`,
    "etcd-servers": `http://127.0.0.1:${ports.etcd}`,
    "cert-dir": join(data, "certs"),
    "token-auth-file": join(data, "tokens.csv"),
    "allow-privileged": "true",
    "authorization-mode": "RBAC",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": key,
    "service-account-signing-key-file": key,
    "service-cluster-ip-range": "10.0.0.0/24",
    "endpoint-reconciler-type": "none",
    "disable-admission-plugins": "ServiceAccount",
  };
  return start(join(bin, "kube-apiserver"), flags(options), join(data, "apiserver.log"));
}

function flags(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([name, value]) => `--${name}=${value}`);
}

function kubeconfigText(server: string, authority: string, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "plb", cluster: { server, "certificate-authority": authority } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "plb", context: { cluster: "plb", user: "admin" } }],
    "current-context": "plb",
  });
}
