/** A process tells whoever asks over RPC how it is, as its monitor does over HTTP. Used by the services' roofs. */
package dev.reseat.status;
