"""nova-compute, which is a package of its own only as far as a hypervisor is concerned."""
import sys

from nova.cmd.compute import main

sys.exit(main())
