import type { ComposeFile } from './compose.schema.ts';

/** Answers what a service names and the file does not have: schemas cannot say this. */
export function checkReferences({ services, networks = {}, volumes = {} }: ComposeFile): string[] {
  return Object.entries(services).flatMap(([name, service]) => [
    ...missing(service.networks ?? [], networks, `${name} is in the network`),
    ...missing((service.volumes ?? []).map(toVolume), volumes, `${name} mounts the volume`),
    ...Object.entries(service.depends_on ?? {}).flatMap(([needed, { condition }]) => {
      const target = services[needed];
      if (!target) return [`${name} depends on ${needed}, which is not there`];
      const isBlind = condition === 'service_healthy' && !target.healthcheck;
      return isBlind ? [`${name} waits for ${needed} to be healthy, which has no health check`] : [];
    }),
  ]);
}

function missing(names: readonly string[], known: object, what: string): string[] {
  return names
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => `${what} ${name}, which is not there`);
}

function toVolume(mount: string): string {
  return mount.split(':')[0] ?? '';
}
