const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Parse tree nodes that may occur in a statement, named as in PostgreSQL's `parsenodes.h`. */
export const parts = words(`
  SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt
  A_ArrayExpr A_Const A_Expr A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest CaseExpr CaseWhen
  CoalesceExpr CollateClause ColumnDef ColumnRef CommonTableExpr CTECycleClause CTESearchClause DefElem Float FuncCall GroupingFunc
  GroupingSet IndexElem InferClause Integer JoinExpr List LockingClause MergeAction MergeWhenClause MinMaxExpr MultiAssignRef
  NamedArgExpr NullTest OnConflictClause ParamRef RangeFunction RangeSubselect RangeTableSample RangeVar ResTarget ReturningClause
  ReturningOption RowExpr SetToDefault SortBy SQLValueFunction String SubLink TypeCast TypeName WindowDef WithClause
  JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat JsonFuncExpr
  JsonIsPredicate JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr
  JsonSerializeExpr JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr`);

/** Statements that a plugin may send while the portal runs. Of `TransactionStmt`, only savepoints are allowed. */
export const statements = words(`
  SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt ExplainStmt LockStmt TruncateStmt TransactionStmt`);

/** Statements in the body of a function. */
export const bodyStatements = words('SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt ReturnStmt');

/** Statements in a migration. */
export const migrationStatements = words(`
  SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt LockStmt TruncateStmt TransactionStmt ConstraintsSetStmt
  CreateStmt CreateTableAsStmt AlterTableStmt ViewStmt IndexStmt CreateSeqStmt AlterSeqStmt CreateTrigStmt CreateFunctionStmt DoStmt
  CreateEnumStmt AlterEnumStmt CompositeTypeStmt CreateDomainStmt AlterDomainStmt
  DropStmt RenameStmt CommentStmt GrantStmt CreatePolicyStmt`);

/** The parts of these statements. */
export const migrationParts = words(`
  AccessPriv AlterTableCmd Constraint FunctionParameter IntoClause ObjectWithArgs PartitionBoundSpec PartitionCmd PartitionElem
  PartitionRangeDatum PartitionSpec ReturnStmt RoleSpec TableLikeClause TriggerTransition`);

/** Nodes that appear in the tree without their kind; it follows from the field. */
export const kindsOfFields: Readonly<Record<string, string>> = {
  alias: 'Alias',
  arg: 'JsonValueExpr',
  argType: 'TypeName',
  bound: 'PartitionBoundSpec',
  collClause: 'CollateClause',
  constructor: 'JsonAggConstructor',
  context_item: 'JsonValueExpr',
  cycle_clause: 'CTECycleClause',
  expr: 'JsonValueExpr',
  format: 'JsonFormat',
  infer: 'InferClause',
  into: 'IntoClause',
  intoClause: 'IntoClause',
  join_using_alias: 'Alias',
  larg: 'SelectStmt',
  name: 'RangeVar',
  ofTypename: 'TypeName',
  on_empty: 'JsonBehavior',
  on_error: 'JsonBehavior',
  onConflictClause: 'OnConflictClause',
  output: 'JsonOutput',
  over: 'WindowDef',
  partbound: 'PartitionBoundSpec',
  partspec: 'PartitionSpec',
  pathspec: 'JsonTablePathSpec',
  pktable: 'RangeVar',
  rarg: 'SelectStmt',
  rel: 'RangeVar',
  relation: 'RangeVar',
  returning: 'JsonReturning',
  returningClause: 'ReturningClause',
  returnType: 'TypeName',
  search_clause: 'CTESearchClause',
  sequence: 'RangeVar',
  table: 'RangeVar',
  typeName: 'TypeName',
  typevar: 'RangeVar',
  value: 'JsonValueExpr',
  view: 'RangeVar',
  withClause: 'WithClause',
};

/** Subcommands of `alter table` that are allowed; the others concern owners, row-level security, rules and storage. */
export const tableChanges = words(`
  AT_AddColumn AT_DropColumn AT_ColumnDefault AT_DropNotNull AT_SetNotNull AT_SetExpression AT_DropExpression AT_AlterColumnType
  AT_SetStatistics AT_SetStorage AT_SetCompression AT_AddIdentity AT_SetIdentity AT_DropIdentity
  AT_AddConstraint AT_AlterConstraint AT_ValidateConstraint AT_DropConstraint AT_ReplicaIdentity AT_SetRelOptions AT_ResetRelOptions
  AT_EnableTrig AT_DisableTrig AT_EnableTrigUser AT_DisableTrigUser AT_AttachPartition AT_DetachPartition AT_SetOptions AT_ResetOptions`);

/** Kinds of objects that a migration may drop, rename or comment on. */
export const objects = words(`
  OBJECT_TABLE OBJECT_VIEW OBJECT_MATVIEW OBJECT_INDEX OBJECT_SEQUENCE OBJECT_COLUMN OBJECT_ATTRIBUTE OBJECT_TABCONSTRAINT
  OBJECT_DOMCONSTRAINT OBJECT_TRIGGER OBJECT_FUNCTION OBJECT_PROCEDURE OBJECT_ROUTINE OBJECT_TYPE OBJECT_DOMAIN OBJECT_POLICY`);

/** Statements and parts of PL/pgSQL, named as in `plpgsql.h`. */
export const plpgsqlParts = words(`
  PLpgSQL_function PLpgSQL_var PLpgSQL_rec PLpgSQL_row PLpgSQL_recfield PLpgSQL_type PLpgSQL_expr
  PLpgSQL_stmt_block PLpgSQL_stmt_assign PLpgSQL_stmt_if PLpgSQL_if_elsif PLpgSQL_stmt_case PLpgSQL_case_when PLpgSQL_stmt_loop
  PLpgSQL_stmt_while PLpgSQL_stmt_fori PLpgSQL_stmt_fors PLpgSQL_stmt_foreach_a PLpgSQL_stmt_exit PLpgSQL_stmt_return
  PLpgSQL_stmt_return_next PLpgSQL_stmt_return_query PLpgSQL_stmt_raise PLpgSQL_raise_option PLpgSQL_stmt_assert
  PLpgSQL_stmt_execsql PLpgSQL_stmt_perform PLpgSQL_stmt_getdiag PLpgSQL_diag_item
  PLpgSQL_exception_block PLpgSQL_exception PLpgSQL_condition`);
