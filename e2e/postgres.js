// A PostgreSQL of this test's own, from Debian's binaries, durable as Debian sets it up; gone with `close`.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = "/usr/lib/postgresql";

/** Starts it; `url` names its empty database. */
export function postgres() {
  const newest = readdirSync(ROOT).map(Number).sort((a, b) => b - a)[0];
  const folder = mkdtempSync(join(tmpdir(), "fuzhi-postgres-"));
  const cluster = join(folder, "cluster");
  // Its programs refuse to run as root.
  const asRoot = process.getuid() === 0;
  const run = (name, ...words) => {
    const command = [`${ROOT}/${newest}/bin/${name}`, ...words];
    if (asRoot) command.unshift("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups");
    execFileSync(command[0], command.slice(1), { cwd: "/", stdio: ["ignore", "ignore", "inherit"] });
  };
  if (asRoot) execFileSync("chown", ["postgres:postgres", folder]);
  chmodSync(folder, 0o700);
  run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-D", cluster);
  run("pg_ctl", "-w", "-D", cluster, "-l", join(folder, "log"), "-o", `-c listen_addresses= -k ${folder}`, "start");
  const close = () => {
    run("pg_ctl", "-w", "-m", "immediate", "-D", cluster, "stop");
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres@localhost/postgres?host=${folder}`, close };
}
