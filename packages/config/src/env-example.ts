import type { Variables } from './variable.ts';

/** Renders the text of `.env.example`: each variable once, with its meaning, commented out. */
export function toEnvExample(processes: Readonly<Record<string, Variables>>): string {
  const seen = new Set<string>();
  const sections = Object.entries(processes).map(([title, variables]) => {
    const lines = Object.values(variables)
      .flatMap((group) => Object.values(group))
      .filter(({ name }) => !seen.has(name) && seen.add(name))
      .map(({ name, description, example }) => `# ${description}\n# ${name}=${example ?? ''}`);
    return [`## ${title}`, ...lines].join('\n\n');
  });
  return `${sections.filter((text) => text.includes('=')).join('\n\n\n')}\n`;
}
