{{- define "ilearn.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "ilearn.labels" -}}
app.kubernetes.io/name: ilearn
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "ilearn.selector" -}}
app.kubernetes.io/name: ilearn
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "ilearn.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ required "image.tag or image.digest names the version of the portal" .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "ilearn.secretEnv" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.existingSecret }}
      key: {{ .key }}
{{- end -}}

{{- /* The variables of every process. */ -}}
{{- define "ilearn.env" -}}
- name: NODE_ENV
  value: production
- name: PUBLIC_URL
  value: {{ .Values.publicUrl | quote }}
- name: TRUST_PROXY
  value: "true"
- name: HOST
  value: "0.0.0.0"
- name: PORT
  value: "3000"
- name: DATA_DIR
  value: /portal/data
- name: LOG_LEVEL
  value: {{ .Values.logLevel }}
- name: DATABASE_CONNECTIONS
  value: {{ .Values.database.connections | quote }}
- name: DATABASE_ROLE_PREFIX
  value: {{ .Values.database.rolePrefix }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "DATABASE_URL" "key" "database-url") }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "READ_DATABASE_URL" "key" "read-database-url") }}
      optional: true
{{ include "ilearn.secretEnv" (dict "root" . "variable" "SECRET_KEY" "key" "secret-key") }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "METRICS_TOKEN" "key" "metrics-token") }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "METRICS_TOKEN_PREVIOUS" "key" "metrics-token-previous") }}
      optional: true
{{ include "ilearn.secretEnv" (dict "root" . "variable" "OTEL_EXPORTER_OTLP_HEADERS" "key" "otlp-headers") }}
      optional: true
{{- if .Values.redis.enabled }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "REDIS_URL" "key" "redis-url") }}
{{- end }}
{{- if eq .Values.files.storage "s3" }}
- name: FILES_S3_ENDPOINT
  value: {{ .Values.files.s3.endpoint | quote }}
- name: FILES_S3_BUCKET
  value: {{ .Values.files.s3.bucket | quote }}
- name: FILES_S3_REGION
  value: {{ .Values.files.s3.region | quote }}
- name: FILES_S3_PREFIX
  value: {{ .Values.files.s3.prefix | quote }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "FILES_S3_ACCESS_KEY_ID" "key" "s3-access-key-id") }}
{{ include "ilearn.secretEnv" (dict "root" . "variable" "FILES_S3_SECRET_ACCESS_KEY" "key" "s3-secret-access-key") }}
{{- end }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "ilearn.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "ilearn.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "ilearn.mounts" -}}
- name: data
  mountPath: /portal/data
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- /* `shared`: the files of the portal; a migration needs none. */ -}}
{{- define "ilearn.volumes" -}}
- name: tmp
  emptyDir: {}
- name: data
{{- if and .shared (eq .root.Values.files.storage "volume") }}
  persistentVolumeClaim:
    claimName: {{ .root.Values.files.volume.existingClaim | default (printf "%s-files" (include "ilearn.name" .root)) }}
{{- else }}
  emptyDir: {}
{{- end }}
{{- end -}}

{{- define "ilearn.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* web and worker: a deployment, a disruption budget and a scaler each. */ -}}
{{- define "ilearn.processes" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $values := index .root.Values .component -}}
{{- $name := printf "%s-%s" (include "ilearn.name" .root) .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "ilearn.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $component }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "ilearn.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "ilearn.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $component }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- include "ilearn.pullSecrets" $root | nindent 6 }}
      # STOP_DELAY_SECONDS, 10 s for requests, 15 s for jobs, and room.
      terminationGracePeriodSeconds: 75
      securityContext:
        {{- include "ilearn.podSecurity" $root | nindent 8 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "ilearn.selector" . | nindent 14 }}
      {{- with $values.nodeSelector }}
      nodeSelector: {{ toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations: {{ toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity: {{ toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: portal
          image: {{ include "ilearn.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [start, --only, {{ $component }}]
          env:
            {{- include "ilearn.env" $root | nindent 12 }}
            - name: METRICS_PORT
              value: "9090"
            - name: METRICS_HOST
              value: "0.0.0.0"
            - name: STOP_DELAY_SECONDS
              value: {{ ternary "10" "0" (eq $component "web") | quote }}
            {{- if eq $component "worker" }}
            - name: WORKER_CONCURRENCY
              value: {{ $values.concurrency | quote }}
            {{- end }}
          ports:
            - name: http
              containerPort: 3000
            - name: metrics
              containerPort: 9090
          # It may wait for another process that migrates.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 5
            failureThreshold: 60
          # Says only that the process runs: a database that is away is no reason to restart it.
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 3
            timeoutSeconds: 2
            failureThreshold: 2
          resources: {{ toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "ilearn.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            {{- include "ilearn.mounts" $root | nindent 12 }}
      volumes:
        {{- include "ilearn.volumes" (dict "root" $root "shared" true) | nindent 8 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "ilearn.labels" $root | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "ilearn.selector" . | nindent 6 }}
{{- if $values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels:
    {{- include "ilearn.labels" $root | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $name }}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end -}}
