// Node's own connections, led to the proxy: before 22.21 and 24.5 it obeys no proxy variable.
//
// It is put in front of the program with NODE_OPTIONS=--require. Connections to this machine pass
// by, among them those of a newer Node to the proxy. `MOCKSERVER_INTERCEPTION` says where that is.
"use strict";

const net = require("node:net");

const told = process.env.MOCKSERVER_INTERCEPTION;
const { hosts, ports } = told ? JSON.parse(told) : {};
const LOOPBACK = /^(127\..*|localhost|::1|::ffff:127\..*|::|0\.0\.0\.0)$/i;
const dial = net.Socket.prototype.connect;

function knows(host) {
  const name = host.toLowerCase();
  return hosts.includes(name) || hosts.includes(`*.${name.slice(name.indexOf(".") + 1)}`);
}

/** Ends `socket` with what the proxy says to this; asked, because it tells its user as well. */
function refuse(socket, host, port) {
  const authority = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  const asked = dial.call(new net.Socket(), { host: "127.0.0.1", port: ports[80] });
  let answer = "";
  asked.on("data", (data) => (answer += data.toString("latin1")));
  asked.on("error", () => {});
  asked.on("close", () => {
    const why = answer.split("\r\n", 1)[0].split(" ").slice(2).join(" ");
    const error = new Error(`mockserver: ${why || `${authority} was refused`}`);
    socket.destroy(Object.assign(error, { code: "ECONNREFUSED", syscall: "connect", address: host }));
  });
  socket.connecting = true; // until then, what is written to it waits
  asked.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
}

function connect(...args) {
  // Node itself calls this with what it has normalized: one array of the options and a listener.
  const normalized = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
  const [options, listener] = normalized;
  const { port, path } = options;
  const host = options.host || "localhost";
  if (path || LOOPBACK.test(host)) return dial.apply(this, args);
  const there = ports[port];
  if (there === undefined || !knows(host)) {
    refuse(this, host, port);
    return this;
  }
  const led = { ...options, host: "127.0.0.1", port: there, lookup: undefined };
  return listener ? dial.call(this, led, listener) : dial.call(this, led);
}

if (told) net.Socket.prototype.connect = connect;
