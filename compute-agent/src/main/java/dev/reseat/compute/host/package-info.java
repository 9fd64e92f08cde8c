/** How this host presents itself to storage backends. Read from the host; changes nothing on it. */
package dev.reseat.compute.host;
