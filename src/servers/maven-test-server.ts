import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Found } from './first-that-works.ts';
import { type Environment, setting } from './report.ts';
import { findOnPath, isExecutable, runProgram } from './run-program.ts';

export const TEST_SERVER_VERSION = '1.38.0';

const TEN_MINUTES = 600_000;

/** The SDK passes the port and its flags; `exec` keeps the process that the SDK started, and will end. */
const LAUNCHER = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
java=java
[ -n "$JAVA_HOME" ] && [ -x "$JAVA_HOME/bin/java" ] && java=$JAVA_HOME/bin/java
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>revsync</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TEST_SERVER_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** Collects the test server and all it needs in `folder`/lib, with a launcher beside it. */
export async function buildWithMaven(folder: string, env: Environment): Promise<Found> {
  const maven = await findOnPath('mvn', env);
  if (maven === null) return { reason: 'Maven is not on PATH' };
  if (!(await hasJava(env))) return { reason: 'Java is neither on PATH nor in JAVA_HOME' };

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pom.xml'), POM);
  const goal = [
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(folder, 'lib')}`,
    'dependency:copy-dependencies',
  ];
  const copied = await runProgram(maven, ['-q', '-B', '-f', join(folder, 'pom.xml'), ...goal], {
    env,
    timeLimit: TEN_MINUTES,
  });
  if (!copied.ok) return { reason: copied.reason };

  const launcher = join(folder, 'temporal-test-server');
  await writeFile(launcher, LAUNCHER);
  await chmod(launcher, 0o755);
  return { path: launcher };
}

async function hasJava(env: Environment): Promise<boolean> {
  const home = setting(env, 'JAVA_HOME');
  if (home !== null && (await isExecutable(join(home, 'bin', 'java')))) return true;
  return (await findOnPath('java', env)) !== null;
}
