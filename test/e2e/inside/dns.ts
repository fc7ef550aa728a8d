import { createSocket } from "node:dgram";
import { isIP } from "node:net";

/** Reads the name of the first question of a DNS message; `end` is the offset after its class. */
function question(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let offset = 12;
  for (let length = message[offset] ?? 0; length > 0; length = message[offset] ?? 0) {
    labels.push(message.toString("ascii", offset + 1, offset + 1 + length));
    offset += length + 1;
  }
  return { name: labels.join("."), end: offset + 5 };
}

/** The answer to a question for an A record: the address of a known name, or NXDOMAIN. */
export function answerName(message: Buffer, names: Readonly<Record<string, string>>): Buffer {
  const { name, end } = question(message);
  const address = names[name];
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  header.writeUInt16BE(address ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address ? 1 : 0, 6);
  const asked = message.subarray(12, end);
  if (!address) return Buffer.concat([header, asked]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split(".").map(Number)]);
  return Buffer.concat([header, asked, record]);
}

/** Asks a server for the A record of a name; the address, or an empty string where none came in time. */
export function askName(server: string, name: string, timeout: number): Promise<string> {
  return new Promise((resolve) => {
    const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label, "ascii")]);
    const query = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
    const socket = createSocket(isIP(server) === 6 ? "udp6" : "udp4");
    const finish = (address: string) => {
      clearTimeout(timer);
      socket.close();
      resolve(address);
    };
    const timer = setTimeout(() => finish(""), timeout);
    socket.on("error", () => finish(""));
    socket.on("message", (message) => {
      const count = message.readUInt16BE(6);
      finish(count === 1 ? [...message.subarray(-4)].join(".") : "");
    });
    socket.send(query, 53, server, () => {});
  });
}
