// Signs requests with AWS's own JavaScript signer. One JSON object a line on standard input:
// {credentials, region, method, path, query, headers, body (base64), presign}; the same with `headers` and `query`
// as signed on standard output.
import { createInterface } from 'node:readline'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'

for await (const line of createInterface({ input: process.stdin })) {
  const wanted = JSON.parse(line)
  const signer = new SignatureV4({
    service: 'execute-api',
    region: wanted.region,
    credentials: wanted.credentials,
    sha256: Sha256,
  })
  const request = new HttpRequest({
    method: wanted.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: wanted.path,
    query: wanted.query,
    headers: wanted.headers,
    body: wanted.body === '' ? undefined : Buffer.from(wanted.body, 'base64'),
  })
  const options = { unhoistableHeaders: new Set(Object.keys(wanted.headers)) }
  const signed = wanted.presign ? await signer.presign(request, options) : await signer.sign(request)
  process.stdout.write(JSON.stringify({ headers: signed.headers, query: signed.query }) + '\n')
}
