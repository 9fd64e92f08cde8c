/** How processes of Reseat tell an api-node that they are there, and how they are. */
package dev.reseat.contract.status;
