import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { ApiServer } from "./apiserver.ts";
import type { KubeObject } from "./manifests.ts";

/** What the API server answered: the status code, the object (or Status) and every Warning header. */
export interface Answer {
  readonly status: number;
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  /** The server's words where it refused; empty where it did not. */
  readonly refusal: string;
}

export interface CallOptions {
  readonly manager?: string;
  readonly dryRun?: boolean;
  /** Act as this user; the guards of gateway namespaces judge by who asks. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  readonly force?: boolean;
}

/** A small REST client: what the suite needs of the API, with refusals as values. */
export interface ClusterApi {
  /** Server-side apply with field validation Strict. */
  apply(object: KubeObject, options?: CallOptions): Promise<Answer>;
  create(object: KubeObject, options?: CallOptions): Promise<Answer>;
  replace(object: KubeObject, options?: CallOptions): Promise<Answer>;
  remove(object: KubeObject): Promise<Answer>;
  get(object: KubeObject): Promise<Answer>;
  /** A pod with its ephemeral containers changed, as `kubectl debug` does it. */
  debug(pod: KubeObject, options?: CallOptions): Promise<Answer>;
  /** A Binding, by either of the resources that take one. */
  bind(binding: KubeObject, resource: "binding" | "bindings", options?: CallOptions): Promise<Answer>;
  /** A pod with its status changed, as Multus and the kubelet do it. */
  writeStatus(pod: KubeObject, options?: CallOptions): Promise<Answer>;
  /** Resources of the core API as the server names them. */
  coreResources(): Promise<readonly string[]>;
  /** Whether the server serves that kind. */
  serves(object: KubeObject): Promise<boolean>;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

type Send = (method: string, path: string, body?: unknown, type?: string, options?: CallOptions) => Promise<Answer>;

export function clusterApi(server: ApiServer): ClusterApi {
  const send = sender(server);
  const known = new Map<string, Promise<readonly Resource[]>>();
  const resources = (apiVersion: string): Promise<readonly Resource[]> => {
    let list = known.get(apiVersion);
    if (!list) {
      list = discover(send, apiVersion);
      known.set(apiVersion, list);
      // A kind whose definition is applied later must be found then.
      list.then((found) => found.length === 0 && known.delete(apiVersion));
    }
    return list;
  };
  const find = async (object: KubeObject): Promise<Resource | undefined> => {
    const match = (list: readonly Resource[]) => list.find((r) => r.kind === object.kind && !r.name.includes("/"));
    const first = match(await resources(object.apiVersion));
    if (first) return first;
    known.delete(object.apiVersion);
    return match(await resources(object.apiVersion));
  };
  const path = async (object: KubeObject, name: boolean): Promise<string> => {
    const resource = await find(object);
    if (!resource) throw new Error(`the server does not serve ${object.apiVersion} ${object.kind}`);
    const root = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const scope = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? "default"}` : "";
    return `${root}${scope}/${resource.name}${name ? `/${object.metadata.name}` : ""}`;
  };
  return {
    apply: async (object, options = {}) => {
      const manager = `fieldManager=${options.manager ?? "plumbline"}&force=${options.force ?? true}`;
      const query = `?${manager}&${strict(options)}`;
      const type = "application/apply-patch+yaml";
      return send("PATCH", `${await path(object, true)}${query}`, object, type, options);
    },
    create: async (object, options = {}) =>
      send("POST", `${await path(object, false)}?${strict(options)}`, object, undefined, options),
    replace: async (object, options = {}) =>
      send("PUT", `${await path(object, true)}?${strict(options)}`, object, undefined, options),
    remove: async (object) =>
      send("DELETE", `${await path(object, true)}?gracePeriodSeconds=0&propagationPolicy=Background`),
    get: async (object) => send("GET", await path(object, true)),
    debug: async (pod, options = {}) =>
      send("PUT", `${await path(pod, true)}/ephemeralcontainers?${strict(options)}`, pod, undefined, options),
    bind: async (binding, resource, options = {}) => {
      const { namespace = "default", name } = binding.metadata;
      const root = `/api/v1/namespaces/${namespace}`;
      const where = resource === "bindings" ? `${root}/bindings` : `${root}/pods/${name}/binding`;
      return send("POST", `${where}?${strict(options)}`, binding, undefined, options);
    },
    writeStatus: async (pod, options = {}) =>
      send("PUT", `${await path(pod, true)}/status?${strict(options)}`, pod, undefined, options),
    coreResources: async () => (await resources("v1")).map((one) => one.name),
    serves: async (object) => (await find(object)) !== undefined,
  };
}

function strict(options: CallOptions): string {
  return `fieldValidation=Strict${options.dryRun ? "&dryRun=All" : ""}`;
}

async function discover(send: Send, apiVersion: string): Promise<readonly Resource[]> {
  const answer = await send("GET", apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
  return answer.status === 200 ? (answer.object.resources as Resource[]) : [];
}

function sender(server: ApiServer): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: readFileSync(server.certificate) });
  return (method, path, body, type = "application/json", options = {}) =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string | string[]> = {
        authorization: `Bearer ${server.token}`,
        "content-type": type,
        accept: "application/json",
      };
      if (options.as) headers["impersonate-user"] = options.as;
      if (options.asGroups) headers["impersonate-group"] = [...options.asGroups];
      const call = request(`${server.url}${path}`, { method, agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          const object = parse(text);
          const warnings = warningsOf(response.headers.warning);
          resolve({ status, object, warnings, refusal: status < 300 ? "" : String(object.message ?? text) });
        });
      });
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

function parse(text: string): KubeObject {
  try {
    return JSON.parse(text) as KubeObject;
  } catch {
    return { apiVersion: "", kind: "", metadata: { name: "" }, message: text };
  }
}

/** `299 - "text", 299 - "text"` of one or more Warning headers, as plain texts. */
function warningsOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replaceAll('\\"', '"'));
}
