import { HttpFailed } from '../contract/http.js';
import { Problem } from '../contract/problem.js';
import { isOutage } from '../database/outages/outage.js';
import { OutOfTime } from './deadline.js';

/** Error codes of Node's network and TLS layers, and of its fetch. */
const ofNetwork =
  /^(?:E(?:CONN\w+|NOTFOUND|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|PIPE|PROTO|ADDRNOTAVAIL|AI_\w+)|UND_ERR_\w+|HPE_\w+|CERT_\w+|ERR_(?:TLS|SSL|HTTP2)_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;
const DEPTH = 5;

/** Whether another service or the network failed, and not the calling code. */
export function isNetworkFault(error: unknown): boolean {
  let each = error as { name?: unknown; code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; typeof each === 'object' && each !== null && depth < DEPTH; depth++) {
    if (isOutage(each)) return false;
    if (each instanceof HttpFailed) return true;
    if (each.name === 'TimeoutError' || ofNetwork.test(String(each.code))) return true;
    each = each.cause as typeof each;
  }
  return false;
}

/** Converts the failure of another service to a problem answer (502, 504); returns any other error unchanged. */
export function answerOf(error: unknown): unknown {
  if (error instanceof Problem || !isNetworkFault(error)) return error;
  const late = error instanceof OutOfTime || (error instanceof HttpFailed && error.reason === 'timeout');
  const problem = new Problem({
    type: late ? 'outside-too-slow' : 'outside-failed',
    status: late ? 504 : 502,
    title: late ? 'Another service did not answer in time' : 'Another service could not be reached',
    headers: { 'retry-after': '30' },
  });
  const remedy = 'Check the other service and the connection to it: the address, DNS, a proxy, a firewall.';
  return Object.assign(problem, { cause: error, remedy });
}
