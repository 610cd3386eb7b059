// Three of our handlers as one would write them in Node.js with AWS's SDK and nothing else: which one, HANDLER says.
// No framework, no schema, no metrics, no tracing: less than ours do.

import { createHmac, randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import http from 'node:http';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';

const { HANDLER, TABLE_NAME, UPLOADS_BUCKET, SITE_ORIGIN, SESSION_KEYS_SECRET_ARN, STRIPE_WEBHOOK_SECRET_ARN } = process.env;
const SIGNED_S = 300;

const answer = (statusCode, body, headers = {}) => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
  isBase64Encoded: false,
});
const signedOut = { statusCode: 401, body: '' };
const same = (one, other) => one.length === other.length && timingSafeEqual(one, other);

async function secret(arn) {
  const told = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
  return told.SecretString;
}

/** Members' handlers: the cookie is a token signed by us, and its session's row must be there. */
async function members(handle) {
  const keys = new Map(JSON.parse(await secret(SESSION_KEYS_SECRET_ARN)).keys.map(({ kid, key }) => [kid, Buffer.from(key, 'base64')]));
  const table = new DynamoDBClient({});
  const get = async (pk, sk) =>
    (await table.send(new GetItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }))).Item;
  const caller = async (event) => {
    const token = event.cookies?.find((cookie) => cookie.startsWith('__Host-session='))?.slice('__Host-session='.length);
    const [head, body, signature] = token?.split('.') ?? [];
    if (!signature) return;
    const key = keys.get(JSON.parse(Buffer.from(head, 'base64url')).kid);
    if (!key || !same(createHmac('sha256', key).update(`${head}.${body}`).digest(), Buffer.from(signature, 'base64url'))) return;
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    if (claims.aud !== 'session' || claims.exp * 1000 < Date.now()) return;
    return (await get(`USER#${claims.sub}`, `SES#${claims.sid}`)) && claims.sub;
  };
  return async (event) => {
    const user = await caller(event);
    return user ? handle({ event, user, get, table }) : signedOut;
  };
}

const plain = (value) => {
  const [kind, inner] = Object.entries(value)[0];
  if (kind === 'N') return Number(inner);
  if (kind === 'M') return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, plain(one)]));
  if (kind === 'L') return inner.map(plain);
  return kind === 'NULL' ? null : inner;
};

async function show({ event, user, get }) {
  const item = await get(`USER#${user}`, `GEN#${event.pathParameters.id}`);
  if (!item) return answer(404, { title: 'Not found' });
  const row = plain({ M: item });
  const { id, status, stage, created, updated, price, options, failure, files } = row;
  const body = {
    id, status, stage, price, options, failure, created_at: new Date(created).toISOString(), updated_at: new Date(updated).toISOString(),
    files: files.map((file) => ({ ...file, url: `/api/generations/${id}/files/${file.name}` })),
  };
  return answer(200, body, { etag: `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"` });
}

const store = new S3Client({ forcePathStyle: true });

async function open({ event, user, get, table }) {
  if (event.headers.origin !== SITE_ORIGIN) return answer(403, { title: 'Another site' });
  const { content_type, bytes, sha256 } = JSON.parse(event.body);
  if (!['image/png', 'image/jpeg', 'image/webp'].includes(content_type) || !(bytes > 0) || Buffer.from(sha256, 'base64').length !== 32)
    return answer(422, { title: 'Correct the fields' });
  if (!(await get(`USER#${user}`, 'PROFILE'))) return answer(403, { title: 'First step' });
  const hour = Math.floor(Date.now() / 3_600_000);
  for (const [who, most] of [[user, 300], [event.requestContext.http.sourceIp, 1500]])
    await table.send(new UpdateItemCommand({
      TableName: TABLE_NAME, Key: { pk: { S: `PEER#${who}#${hour}` }, sk: { S: 'COUNT' } }, UpdateExpression: 'ADD calls :one',
      ConditionExpression: 'attribute_not_exists(calls) OR calls < :most', ExpressionAttributeValues: { ':one': { N: '1' }, ':most': { N: `${most}` } },
    }));
  const upload = `upl_${randomBytes(13).toString('hex').toUpperCase()}`;
  const form = await createPresignedPost(store, {
    Bucket: UPLOADS_BUCKET, Key: `u/${user}/${upload}`, Expires: SIGNED_S, Conditions: [['content-length-range', bytes, bytes]],
    Fields: { 'Content-Type': content_type, 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-sha256': sha256 },
  });
  await table.send(new PutItemCommand({
    TableName: TABLE_NAME, ConditionExpression: 'attribute_not_exists(pk)',
    Item: { pk: { S: `PEER#${user}` }, sk: { S: `UPL#${upload}` }, bytes: { N: `${bytes}` }, content_type: { S: content_type }, sha256: { S: sha256 } },
  }));
  return answer(201, { upload_id: upload, ...form });
}

async function webhook() {
  const told = JSON.parse(await secret(STRIPE_WEBHOOK_SECRET_ARN));
  return (event) => {
    const body = event.isBase64Encoded ? Buffer.from(event.body, 'base64') : Buffer.from(event.body);
    const parts = event.headers['stripe-signature'].split(',').map((part) => part.split('='));
    const at = parts.find(([name]) => name === 't')?.[1];
    const fits = Math.abs(Date.now() / 1000 - at) < SIGNED_S && told.some(({ secret: key }) => {
      const ours = createHmac('sha256', key).update(`${at}.`).update(body).digest();
      return parts.some(([name, value]) => name === 'v1' && same(ours, Buffer.from(value, 'hex')));
    });
    if (!fits) return answer(400, { title: 'The signature does not fit' });
    JSON.parse(body);
    return answer(200);
  };
}

const handlers = { show: () => members(show), open: () => members(open), webhook };

// Lambda's runtime interface, without what AWS's own client does besides.
const agent = new http.Agent({ keepAlive: true });
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const call = (method, path, body) => new Promise((done, failed) => {
  const request = http.request({ hostname, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}` }, (reply) => {
    const chunks = [];
    reply.on('data', (chunk) => chunks.push(chunk)).on('end', () => done([reply.headers, Buffer.concat(chunks)]));
  });
  request.on('error', failed).end(body);
});

(async () => {
  const handle = await handlers[HANDLER]();
  for (;;) {
    const [headers, event] = await call('GET', 'next');
    const told = await handle(JSON.parse(event));
    await call('POST', `${headers['lambda-runtime-aws-request-id']}/response`, JSON.stringify(told));
  }
})();
