/** The block-storage REST API, as far as a repair needs it, with the account and the role of a service. */
package dev.reseat.blockstorage;
