package io.athanor.agent;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One agent for each test, and a control plane that says what the test tells it. */
abstract class AgainstScriptedPlane {
    ScriptedControlPlane plane;
    RunningAgent agent;

    @BeforeEach
    void begin() throws IOException {
        plane = new ScriptedControlPlane();
        agent = RunningAgent.started(plane);
    }

    @AfterEach
    void end() throws IOException {
        agent.close();
        plane.close();
    }
}
