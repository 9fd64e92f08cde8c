/** Authentication by Keystone: tokens are validated by asking it, and the answers kept for a while. */
package dev.reseat.api.rest.keystone;
