module.exports = class AddEmail1704697200000 {
  async up(runner) {
    await runner.addColumn('users', {});
  }
};
