module.exports = class CreateUsers1704447000000 {
  name = 'CreateUsers1704447000000';

  async up(queryRunner) {
    await queryRunner.query(`CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
)`);
  }

  async down(queryRunner) {
    await queryRunner.query(`DROP TABLE users`);
  }
};
