"""Documents that programs of partners write for programs: booking interfaces in JSON and XML, PNRGOV, AIR."""
