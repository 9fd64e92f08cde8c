/** In front of a real cinder-api: what is not ours goes through, as it came; what comes back, too. */
package dev.reseat.api.rest.passthrough;
