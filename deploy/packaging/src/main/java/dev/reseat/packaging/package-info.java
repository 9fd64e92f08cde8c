/** What is made from the programs for their packages. */
package dev.reseat.packaging;
