/** The only entry for callers: call, cast and fanout, and the replies that are waited for. */
package dev.reseat.rpc.client;
