import { isUuid } from '@suvidha/db';
import { AppError } from '@suvidha/errors';
import { ArgsType, type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';

const maxPageSize = 100;

@ObjectType({ description: 'Where a page stands in its list (Relay cursor connections).' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page started after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge. Null: the page is empty.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge. Null: the page is empty.' })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: 'How many at most, from 1 to 100.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;
}

/** A keyset page: how many rows, after which id. */
export interface Page {
  readonly limit: number;
  readonly afterId: string | undefined;
}

/** @throws AppError BAD_USER_INPUT that names `first` or `after`. */
export function toPage({ first, after }: PageArgs): Page {
  if (first < 1 || first > maxPageSize)
    throw new AppError('BAD_USER_INPUT', `first must be from 1 to ${maxPageSize}.`, { field: ['first'] });
  return { limit: first, afterId: after ? decodeCursor(after) : undefined };
}

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isUuid(id))
    throw new AppError('BAD_USER_INPUT', 'after must be a cursor of this list.', { field: ['after'] });
  return id;
}

export interface Connection<Node> {
  readonly edges: { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
}

/** @param rows one more than the page's limit where there are more. Ids are UUIDv7, so id order is time order. */
export function toConnection<Row extends { readonly id: string }, Node>(
  rows: readonly Row[],
  page: Page,
  toNode: (row: Row) => Node,
): Connection<Node> {
  const edges = rows
    .slice(0, page.limit)
    .map((row) => ({ node: toNode(row), cursor: Buffer.from(row.id).toString('base64url') }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      hasPreviousPage: page.afterId !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The connection and edge types of a node type. */
export function createConnectionType<Node extends object>(
  node: ClassType<Node>,
  name: string,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { description: `A ${name} in a list.` })
  class Edge {
    @Field(() => node, { description: `The ${name}.` })
    node!: Node;

    @Field(() => String, { description: 'Where it stands; give it to `after` to go on from here.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [Edge], { description: 'What is on this page.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo;
  }
  return ConnectionType;
}
