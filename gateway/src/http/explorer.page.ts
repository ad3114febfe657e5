import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** A document that waits in a tab of the explorer. */
export interface ExplorerTab {
  readonly query: string;
  /** JSON text. */
  readonly variables?: string;
  /** JSON text. */
  readonly headers?: string;
}

/**
 * GraphiQL, whole in one page: it works without the internet. Subscriptions come as server-sent events, so that the
 * headers of a tab count for them too.
 */
export function renderExplorer(tabs: readonly ExplorerTab[]): string {
  return renderGraphiQL({
    title: 'Suvidha explorer',
    endpoint: '/graphql',
    ...(tabs.length > 0 && { defaultTabs: [...tabs] }),
  });
}
