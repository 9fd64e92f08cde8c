/**
 * The oslo.messaging envelope and what it holds: bytes to requests and replies and back. Every reserved key of the wire
 * stands here and nowhere else; knows neither methods nor objects.
 */
package dev.reseat.rpc.envelope;
