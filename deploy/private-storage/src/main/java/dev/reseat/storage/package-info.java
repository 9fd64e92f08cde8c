/**
 * Hypervisors and storage clusters of our own, for the demonstration and the tests: real programs, private to a folder,
 * on loopback, ended with this JVM. Needs them installed, no service and no root. Knows nothing of the product.
 */
package dev.reseat.storage;
