/**
 * What a call is: target, version, context, failures. The floor of the library: everything may import it, it imports
 * only {@code java.*}.
 */
package dev.reseat.rpc;
