/** The compute API, version 2.1, as far as Reseat plays nova-api: which volumes a server has. */
package dev.reseat.api.rest.nova;
