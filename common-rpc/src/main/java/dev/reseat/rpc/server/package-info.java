/** What a service offers, and the loop that serves it: receive, acknowledge, dispatch, reply. */
package dev.reseat.rpc.server;
