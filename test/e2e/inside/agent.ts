/**
 * Runs inside the network namespace of a pod (or of a host outside of the cluster): answers on ports and tries others.
 * One JSON request a line on stdin, one JSON answer a line on stdout.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect, createServer, isIP } from "node:net";
import { createInterface } from "node:readline";
import type { AgentRequest, ProbeAnswer, Target } from "../agent-protocol.ts";
import { answerName, askName } from "./dns.ts";

const self = process.argv[2] ?? "";

function listen(tcp: readonly number[], udp: readonly number[], names: Readonly<Record<string, string>>): void {
  for (const port of tcp) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write(`${self} ${socket.remoteAddress}\n`);
      socket.pipe(socket);
    });
    server.on("error", (error) => process.stderr.write(`tcp/${port}: ${error.message}\n`));
    server.listen({ port, host: "::", backlog: 2048 });
  }
  for (const port of udp) {
    const socket = createSocket({ type: "udp6", ipv6Only: false });
    socket.on("error", (error) => process.stderr.write(`udp/${port}: ${error.message}\n`));
    socket.on("message", (message, from) => {
      const reply = port === 53 && message.length > 12 ? answerName(message, names) : `${self} ${from.address}`;
      socket.send(reply, from.port, from.address);
    });
    socket.bind(port, "::");
  }
}

/** A timeout that lets what has come in meanwhile be read first: a process that got no time must not take it for silence. */
function expire(end: () => void, timeout: number): NodeJS.Timeout {
  return setTimeout(() => setImmediate(end), timeout);
}

function tryTcp(target: Target, timeout: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect({ host: target.address, port: target.port });
    let text = "";
    let connected = false;
    let done = false;
    const finish = (ok: boolean, error = "") => {
      clearTimeout(timer);
      if (done) return;
      done = true;
      // A reset would wait for the connection, and the kernel go on knocking meanwhile.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      const [by = "", seen = ""] = text.trim().split(" ");
      resolve({ ok, connected, by, seen, error, milliseconds: performance.now() - began });
    };
    const timer = expire(() => finish(false, "timed out"), timeout);
    socket.on("connect", () => {
      connected = true;
    });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n")) finish(true);
    });
    socket.on("error", (error) => finish(false, error.message));
  });
}

function tryUdp(target: Target, timeout: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = createSocket(isIP(target.address) === 6 ? "udp6" : "udp4");
    let done = false;
    const finish = (ok: boolean, text: string, error = "") => {
      clearTimeout(timer);
      clearInterval(again);
      if (done) return;
      done = true;
      socket.close();
      const [by = "", seen = ""] = text.trim().split(" ");
      resolve({ ok, connected: ok, by, seen, error, milliseconds: performance.now() - began });
    };
    const send = () => socket.send("?", target.port, target.address, () => {});
    const timer = expire(() => finish(false, "", "timed out"), timeout);
    const again = setInterval(send, Math.max(200, timeout / 3));
    socket.on("message", (message) => finish(true, message.toString()));
    socket.on("error", (error) => finish(false, "", error.message));
    send();
  });
}

function tryPing(target: Target, timeout: number, options: readonly string[] = []): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const began = performance.now();
    const wait = String(Math.max(1, Math.ceil(timeout / 1000)));
    const child = spawn("ping", ["-n", "-c", "1", "-W", wait, ...options, target.address], { stdio: "pipe" });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      text += String(chunk);
    });
    child.on("error", (error) => {
      text += error.message;
    });
    child.on("close", (code) =>
      resolve({
        ok: code === 0,
        connected: code === 0,
        by: "",
        seen: "",
        error: code === 0 ? "" : text,
        milliseconds: performance.now() - began,
      }),
    );
  });
}

function tryOne(target: Target, timeout: number): Promise<ProbeAnswer> {
  if (target.protocol === "tcp") return tryTcp(target, timeout);
  return target.protocol === "udp" ? tryUdp(target, timeout) : tryPing(target, timeout);
}

/** At most `width` probes at once: a burst of thousands on two cores would look like a closed port. */
async function probe(targets: readonly Target[], timeout: number, width: number): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  const lanes = (wanted: (target: Target) => boolean, count: number): Promise<void>[] => {
    const indices = targets.flatMap((target, index) => (wanted(target) ? [index] : []));
    const lane = async () => {
      for (let index = indices.shift(); index !== undefined; index = indices.shift()) {
        answers[index] = await tryOne(targets[index] as Target, timeout);
      }
    };
    return Array.from({ length: Math.min(count, indices.length) }, lane);
  };
  // Every ping is a process of its own.
  const pings = lanes((target) => target.protocol === "icmp", 24);
  await Promise.all([...pings, ...lanes((target) => target.protocol !== "icmp", width)]);
  return answers;
}

/** Tries again and again; returns when, in milliseconds since the epoch, each success happened. */
async function watch(target: Target, every: number, length: number): Promise<number[]> {
  const successes: number[] = [];
  const under: Promise<unknown>[] = [];
  const end = performance.now() + length;
  while (performance.now() < end) {
    const sent = Date.now();
    under.push(tryOne(target, 1000).then((answer) => answer.ok && successes.push(sent)));
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  await Promise.all(under);
  return successes.sort((a, b) => a - b);
}

/** Sends that many bytes to a port, where every listener sends back what it gets, and counts what comes back. */
function transfer(address: string, port: number, bytes: number, timeout: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    let back = -1;
    const finish = () => {
      clearTimeout(timer);
      socket.resetAndDestroy();
      resolve(Math.max(0, back));
    };
    const timer = setTimeout(finish, timeout);
    socket.on("error", finish);
    socket.on("connect", () => socket.write(Buffer.alloc(bytes, 120)));
    socket.on("data", (chunk) => {
      // The greeting line comes first and is not counted.
      const greeting = back < 0 ? chunk.indexOf(10) + 1 : 0;
      if (back < 0 && greeting > 0) back = 0;
      back += chunk.length - greeting;
      if (back >= bytes) finish();
    });
  });
}

async function answer(request: AgentRequest): Promise<unknown> {
  switch (request.op) {
    case "listen":
      listen(request.tcp, request.udp, request.names);
      return true;
    case "probe":
      return probe(request.targets, request.timeout, request.width);
    case "watch":
      return watch(request.target, request.every, request.length);
    case "transfer":
      return transfer(request.address, request.port, request.bytes, request.timeout);
    case "ping":
      return tryPing({ protocol: "icmp", address: request.address, port: 0 }, request.timeout, request.options);
    case "resolve":
      return askName(request.server, request.name, request.timeout);
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line) as AgentRequest & { id: number };
  answer(request).then(
    (result) => process.stdout.write(`${JSON.stringify({ id: request.id, result })}\n`),
    (error: Error) => process.stdout.write(`${JSON.stringify({ id: request.id, error: error.message })}\n`),
  );
});
process.stdin.on("end", () => process.exit(0));
