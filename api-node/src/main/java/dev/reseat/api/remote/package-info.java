/** One method per remote method of the other services; namespace, version and deadline are chosen here. */
package dev.reseat.api.remote;
