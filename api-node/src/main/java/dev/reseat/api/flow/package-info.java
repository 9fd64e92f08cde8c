/**
 * How repairs are carried out: the journal that says what is intended and how far it got, one runner for the steps of
 * every flow, and the reconciler, which settles what a crash or a timeout left open.
 */
package dev.reseat.api.flow;
