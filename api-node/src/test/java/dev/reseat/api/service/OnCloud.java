package dev.reseat.api.service;

import dev.reseat.testing.CloudFixture;

/** What a fixture is built on, and so is there first. */
abstract class OnCloud {
    final CloudFixture cloud;

    OnCloud(CloudFixture cloud) {
        this.cloud = cloud;
    }
}
