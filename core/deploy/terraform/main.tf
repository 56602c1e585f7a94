# What the portal needs besides a Kubernetes cluster: PostgreSQL, Redis, a container for files, secrets and a name. Nothing of it can be
# reached from the internet but the ingress. The chart in ../helm/ilearn takes the outputs.

data "azurerm_client_config" "current" {}

locals {
  tags = merge(var.tags, { application = "ilearn", portal = var.name })
  # Names of storage accounts have letters and digits only, and are unique in all of Azure.
  storage_name = substr("${replace(var.name, "-", "")}${random_string.suffix.result}", 0, 24)
  fqdn         = var.host == "@" ? var.dns_zone_name : "${var.host}.${var.dns_zone_name}"
}

resource "random_string" "suffix" {
  length  = 8
  upper   = false
  special = false
}

resource "random_password" "database" {
  length  = 48
  special = false
}

resource "random_bytes" "secret_key" {
  length = 32
}

resource "random_bytes" "backup_key" {
  length = 32
}

resource "random_password" "metrics_token" {
  length  = 48
  special = false
}

resource "azurerm_postgresql_flexible_server" "portal" {
  name                          = "${var.name}-${random_string.suffix.result}"
  resource_group_name           = var.resource_group_name
  location                      = var.location
  version                       = "17"
  sku_name                      = var.database_sku
  storage_mb                    = var.database_storage_mb
  auto_grow_enabled             = true
  administrator_login           = "ilearnadmin"
  administrator_password        = random_password.database.result
  delegated_subnet_id           = var.subnet_id
  private_dns_zone_id           = var.private_dns_zone_ids.postgres
  public_network_access_enabled = false
  backup_retention_days         = var.backup_retention_days
  geo_redundant_backup_enabled  = true
  tags                          = local.tags

  high_availability {
    mode = "ZoneRedundant"
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [zone, high_availability[0].standby_availability_zone]
  }
}

resource "azurerm_postgresql_flexible_server_database" "portal" {
  name      = "portal"
  server_id = azurerm_postgresql_flexible_server.portal.id
  collation = "en_US.utf8"
  charset   = "UTF8"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_postgresql_flexible_server_configuration" "settings" {
  for_each = {
    require_secure_transport = "on"
    tcp_keepalives_idle      = "60"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.portal.id
  value     = each.value
}

resource "azurerm_redis_cache" "queue" {
  name                          = "${var.name}-${random_string.suffix.result}"
  resource_group_name           = var.resource_group_name
  location                      = var.location
  capacity                      = 1
  family                        = "C"
  sku_name                      = "Standard"
  non_ssl_port_enabled          = false
  minimum_tls_version           = "1.2"
  public_network_access_enabled = false
  tags                          = local.tags

  redis_configuration {
    maxmemory_policy = "noeviction"
  }
}

# Files and archives: a share for the volumes of the chart (files.storage: volume), since Azure's store speaks no S3.
resource "azurerm_storage_account" "files" {
  name                            = local.storage_name
  resource_group_name             = var.resource_group_name
  location                        = var.location
  account_tier                    = "Premium"
  account_kind                    = "FileStorage"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  public_network_access_enabled   = false
  allow_nested_items_to_be_public = false
  tags                            = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_share" "share" {
  for_each = { files = 256, backups = 256 }

  name               = each.key
  storage_account_id = azurerm_storage_account.files.id
  quota              = each.value
  enabled_protocol   = "SMB"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_key_vault" "secrets" {
  name                          = "${var.name}-${random_string.suffix.result}"
  resource_group_name           = var.resource_group_name
  location                      = var.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false
  tags                          = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

# These are reached from the private subnet only.
locals {
  private_services = {
    redis = { id = azurerm_redis_cache.queue.id, subresource = "redisCache", zone = var.private_dns_zone_ids.redis }
    files = { id = azurerm_storage_account.files.id, subresource = "file", zone = var.private_dns_zone_ids.files }
    vault = { id = azurerm_key_vault.secrets.id, subresource = "vault", zone = var.private_dns_zone_ids.vault }
  }
}

resource "azurerm_private_endpoint" "service" {
  for_each = local.private_services

  name                = "${var.name}-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  subnet_id           = var.private_subnet_id
  tags                = local.tags

  private_service_connection {
    name                           = each.key
    private_connection_resource_id = each.value.id
    subresource_names              = [each.value.subresource]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = each.key
    private_dns_zone_ids = [each.value.zone]
  }
}

resource "azurerm_role_assignment" "read_secrets" {
  for_each = toset(var.secret_reader_object_ids)

  scope                = azurerm_key_vault.secrets.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = each.value
}

# The names are the keys of the chart's existingSecret. The addresses of the portal's own users (database-url, backup-database-url) are added
# once these users were created: see the README.
resource "azurerm_key_vault_secret" "portal" {
  for_each = {
    secret-key             = "base64:${random_bytes.secret_key.base64}"
    backup-key             = "base64:${random_bytes.backup_key.base64}"
    metrics-token          = random_password.metrics_token.result
    redis-url              = "rediss://:${urlencode(azurerm_redis_cache.queue.primary_access_key)}@${azurerm_redis_cache.queue.hostname}:${azurerm_redis_cache.queue.ssl_port}"
    database-administrator = "postgresql://${azurerm_postgresql_flexible_server.portal.administrator_login}:${random_password.database.result}@${azurerm_postgresql_flexible_server.portal.fqdn}:5432/portal?sslmode=verify-full"
  }

  name         = each.key
  value        = each.value
  key_vault_id = azurerm_key_vault.secrets.id
  content_type = "text/plain"

  lifecycle {
    # Keys that were rotated by hand stay.
    ignore_changes = [value]
  }
}

resource "azurerm_dns_a_record" "portal" {
  name                = var.host
  zone_name           = var.dns_zone_name
  resource_group_name = var.resource_group_name
  ttl                 = 300
  records             = [var.ingress_address]
  tags                = local.tags
}
