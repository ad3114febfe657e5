/**
 * A bare graphql-ws server over ws that executes the subscriptions itself: a peer, and the subgraph behind the gateways.
 * Usage: server.ts PORT
 */
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createControlServer, schema } from './ticker.ts';

const [port = ''] = process.argv.slice(2);
const server = createControlServer();
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
