package io.athanor.local.demo;

import io.athanor.local.engine.Engine;
import io.athanor.local.network.Network;
import io.athanor.local.network.Progress;

/** Puts the sample jobs' image into the network's registry, so that {@code deploy/samples} can be ordered as it lies. */
public final class SampleImages implements Engine {
    private final Network network;
    private final Progress progress;
    private volatile boolean done;

    public SampleImages(Network network, Progress progress) {
        this.network = network;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "samples";
    }

    @Override
    public void start() {
        if (!done && !network.images().has(SampleImage.NAME, SampleImage.TAG)) {
            String registry = network.images().address();
            SampleImage.push(network.docker().host(), registry, network.layout().data());
            progress.say("image " + registry + "/" + SampleImage.NAME + ":" + SampleImage.TAG + " is in the registry");
        }
        done = true;
    }

    @Override
    public void stop() {
        done = false;
    }

    @Override
    public boolean lives() {
        return done;
    }

    @Override
    public boolean answers() {
        return done;
    }
}
