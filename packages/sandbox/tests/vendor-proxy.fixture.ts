import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createCertificate } from './certificate.fixture.ts';

/**
 * Stands between a vendor's unchanged SDK and the sandbox: an HTTPS proxy in the environment, which answers for the
 * vendor's host with a certificate that this process trusts meanwhile, and passes everything on to the sandbox.
 */
export async function startVendorProxy(vendor: { host: string; target: string }): Promise<AsyncDisposable> {
  const certificate = createCertificate(vendor.host);
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, certificate.cert]);
  const origin = createTlsServer(certificate, (incoming, answer) => {
    const { method, headers, url } = incoming;
    const onward = request(`${vendor.target}${url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  });
  const proxy = createServer().on('connect', (connect, socket) => {
    if (connect.url !== `${vendor.host}:443`) return socket.destroy();
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    return origin.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    [Symbol.asyncDispose]: async () => {
      delete process.env.HTTPS_PROXY;
      tls.setDefaultCACertificates(trusted);
      origin.closeAllConnections();
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
