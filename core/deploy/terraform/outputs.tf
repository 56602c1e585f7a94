output "public_url" {
  description = "publicUrl of the chart."
  value       = "https://${local.fqdn}"
}

output "database_host" {
  description = "Host of the database server, within the network."
  value       = azurerm_postgresql_flexible_server.portal.fqdn
}

output "key_vault_id" {
  description = "Key vault with the secrets of the chart."
  value       = azurerm_key_vault.secrets.id
}

output "storage_account_name" {
  description = "Storage account with the shares files and backups."
  value       = azurerm_storage_account.files.name
}
