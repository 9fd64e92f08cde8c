/** Rules of who may do what, in the language of oslo.policy. */
package dev.reseat.api.rest.policy;
