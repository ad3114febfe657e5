// Adds to package-lock.json the optional packages for other platforms that the registry did not show when it was written:
//   npm run lock:complete
// A mirror may hold only the platforms that somebody asked it for. npm then leaves the rest out of the lock, and `npm ci`
// refuses that lock everywhere. Their names, versions and platforms are known without the registry.
import { readFile, writeFile } from 'node:fs/promises';

interface LockedPackage {
  version: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  license?: string;
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

const file = new URL('../package-lock.json', import.meta.url);

/** The platform that a name such as `cli-linux-arm64-musl`, `canvas-win32-x64-msvc` or `windows-64` ends with. */
const platform =
  /(?<os>android|darwin|linux|windows|win32)-(?<cpu>arm64|arm|riscv64|x64|64)(?:-(?:(?<libc>musl|gnu)|gnueabihf|msvc))?$/;

function toPlatformPackage(name: string, version: string, parent: LockedPackage): LockedPackage {
  const { os, cpu, libc } = name.match(platform)?.groups ?? {};
  if (!os || !cpu)
    throw new Error(`${name} is missing in the lock, and its name does not say for which platform it is.`);
  return {
    version,
    cpu: [cpu === '64' ? 'x64' : cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
    ...(parent.license && { license: parent.license }),
    optional: true,
    os: [os === 'windows' ? 'win32' : os],
  };
}

/** Optional packages are pinned exactly by the package that wants them, so a version is never a range here. */
function findMissing(packages: Readonly<Record<string, LockedPackage>>): [string, LockedPackage][] {
  return Object.values(packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name, version]) => !isLocked(packages, name) && /^\d/.test(version))
      .map(([name, version]): [string, LockedPackage] => [
        `node_modules/${name}`,
        toPlatformPackage(name, version, parent),
      ]),
  );
}

function isLocked(packages: Readonly<Record<string, LockedPackage>>, name: string): boolean {
  return Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`));
}

const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, LockedPackage> };
const missing = findMissing(lock.packages);
const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
lock.packages = Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, 'en')));
if (missing.length > 0) await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
for (const [path] of missing) process.stdout.write(`added ${path}\n`);
