/**
 * Versioned objects (oslo.versionedobjects) to and from JSON: the wrapper with name, namespace and version around an
 * object's fields. Which objects exist is said in {@code contract}.
 */
package dev.reseat.rpc.object;
